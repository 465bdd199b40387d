{ u: "é✓🚀\u00e9", esc: "a\tb\n\"", block: |||
  text
    more
|||, fmt: "%05d %s %.3f %x %%" % [42, "s", 1.5, 255], obj: "%(a)s" % { a: 1 }, len: std.length("é✓"), "key with space": 1, "": 2 }
