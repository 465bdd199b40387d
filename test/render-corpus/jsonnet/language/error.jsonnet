{ a: error "stop " + "here" }
