;;; ;
-- only a comment
