{ assert self.a > 1 : "a must be larger", a: 1 }
