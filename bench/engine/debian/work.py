# Dictionaries, lists, strings, classes, integers larger than a word: what Python programs do.
import json, re


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def moved(self, by):
        return Point(self.x + by, self.y - by)


counts = {}
for i in range(40000):
    key = "k%d" % (i * 7919 % 5003)
    counts[key] = counts.get(key, 0) + i
p = Point(0, 0)
for i in range(30000):
    p = p.moved(i & 7)
text = " ".join(sorted(counts))
print(len(counts), sum(counts.values()), p.x, p.y, len(re.findall(r"k(\d)\1", text)))
print(len(json.dumps(json.loads(json.dumps(counts)))), pow(3, 5000) % 1000003, sum(x * x for x in range(40000)))
