-- trueup: version 1
-- state: zzz

