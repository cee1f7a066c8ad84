-- Requests with DPoP proofs, each used once. A thread that has used its own up stops, and its time counts to that point.
dofile("report.lua")
local proofs, headers, began = nil, {}, nil

function init(args)
   read_request(args[1])
   proofs, sent = own_lines(args[2], tonumber(args[3])), 0
   for name, value in pairs(wrk.headers) do headers[name] = value end
end

function request()
   began = began or clock()
   if sent == #proofs then
      window = window or clock() - began
      wrk.thread:stop()
      return wrk.format("GET", "/health/live", nil, "")
   end
   sent = sent + 1
   headers["DPoP"] = proofs[sent]
   return wrk.format(nil, nil, headers, nil)
end
