META
key;value
description;A small election
budget;100
currency;PLN
PROJECTS
project_id;cost;name
1;60.50;Trees along the river
2;40;Benches
3;55;A playground
VOTES
voter_id;vote
a;1,2
b;2,3
c;3
d;2
