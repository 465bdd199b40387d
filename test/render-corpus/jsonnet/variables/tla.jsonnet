function(name, count=1, list=[]) { name: name, count: count, list: list }
