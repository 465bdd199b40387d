function(a) a
