local base = { name: 'web', labels+: { app: $.name }, hidden:: 1, list: [x * 2 for x in std.range(1, 5) if x % 2 == 1] };
base { name: 'other', labels+: { tier: 'front' }, nested+: { a+: { b: 1 } } , [if true then 'dyn']: 1, [if false then 'none']: 2 }
