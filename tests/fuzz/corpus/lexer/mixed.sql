SELECT 'it''s', "a ""quoted"" name", `tick`, [bracket], $1, ?2, :name, @v, 1.5e-10, 0x1F, U&"d\0061t", E'\'esc\n', B'01',
 $$body$$, $tag$ other $$ body $tag$, a::text, b->>'k', c #>> '{a}', d || e -- comment
 /* block /* nested */ still */ FROM t WHERE ((x)) AND (a = 1) and Not (b<>2);
