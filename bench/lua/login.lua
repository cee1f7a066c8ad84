-- People sign in, each from a network of their own: the proxy's header says so, so that no limit is in the way.
dofile("report.lua")
local bodies, headers, at = nil, {}, 0

function init(args)
   read_request(args[1])
   bodies = own_lines(args[2], tonumber(args[3]))
   for name, value in pairs(wrk.headers) do headers[name] = value end
end

function request()
   at = at + 1
   local person = at % #bodies
   local host = math.floor(at / #bodies) % 254 + 1
   headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", place, person, host)
   return wrk.format(nil, nil, headers, bodies[person + 1])
end
