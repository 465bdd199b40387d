import "data/plain.json"
