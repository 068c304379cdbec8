"""Who sits in which workshop: the best for all by their wishes, proved, over all the moments of a day together. Pure.

First as many seats as can be given; then as many people as can be with a first wish at least, whoever had none last
time counting double; then wishes as high as can be (a first one is worth 9, a second 8, a third 5, another seat
nothing). Nobody sits twice in one workshop. The same answers give the same seats, whatever order they come in.

`problem` (what is offered and asked) → `columns` (the same as a program) → `solving` (the seats and their proof) →
`checking` (an independent reading of both): the names of `events.cover`.
Source: docs/decisions/0028-sharing-days.md
"""
