{ a: std.extVar("a"), b: std.extVar("b") }
