-- Tables, closures, strings, floats: what Lua programs do.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local words, sum = {}, 0
for i = 1, 60000 do
  local key = "k" .. (i * 7919 % 5003)
  words[key] = (words[key] or 0) + i
end
for _, n in pairs(words) do sum = sum + n end
local t = {}
for i = 1, 30000 do t[i] = (i * 1103515245 + 12345) % 65536 end
table.sort(t)
local x = 0.0
for i = 1, 200000 do x = x + math.sqrt(i) / (i + 1) end
print(fib(24), sum, t[1], t[#t], string.format("%.9f", x), #string.rep("ab", 1000):gsub("a", "xy"))
