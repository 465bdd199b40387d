"only two"
