{
  sort: std.sort([3, 1, 2]), uniq: std.uniq([1, 1, 2]), set: std.set(['b', 'a', 'b']), join: std.join(',', ['a', 'b']), split: std.split('a,b', ','),
  map: std.map(function(x) x + 1, [1, 2]), filter: std.filter(function(x) x > 1, [1, 2]), merge: std.mergePatch({ a: 1, b: { c: 1 } }, { b: { c: null, d: 2 } }),
  yaml: std.manifestYamlDoc({ a: [1, 'x: y', null], 'b c': true }), json: std.manifestJsonEx({ b: 1, a: [] }, '  '), ini: std.manifestIni({ main: { a: 1 }, sections: { s: { x: 'y' } } }),
  parse: std.parseJson('{"a": [1, 2.5]}'), parseYaml: std.parseYaml('a: 1\nb:\n- x\n'), base64: std.base64('hé'), md5: std.md5('x'), trim: std.trim('  x '), asc: std.asciiUpper('abc'), prune: std.prune({ a: null, b: [], c: 1 }),
  fields: std.objectFields({ z: 1, a: 2 }), has: std.objectHas({ a: 1 }, 'a'), type: std.type([]), toString: std.toString({ b: 1, a: [1, 'x'] }), format: std.format('%s-%d', ['a', 1]), range: std.range(0, 3), mod: std.mod(7, 3), pow: std.pow(2, 10), sha: std.sha256('x'), rev: std.reverse([1, 2]), slice: [1, 2, 3, 4][1:3], find: std.findSubstr('a', 'banana'), strReplace: std.strReplace('a-b', '-', '+'), lines: std.lines(['a', 'b']), escape: std.escapeStringJson('"\n'), bigint: std.parseInt('123'), hex: std.parseHex('ff'), comp: std.flattenArrays([[1], [2]]), resolve: std.thisFile,
}
