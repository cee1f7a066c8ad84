-- Codes, each used once. A thread that has used its own up stops, and its time counts to that point.
dofile("report.lua")
local codes, head, began

function init(args)
   read_request(args[1])
   codes, head, sent = own_lines(args[2], tonumber(args[3])), wrk.body, 0
end

function request()
   began = began or clock()
   if sent == #codes then
      window = window or clock() - began
      wrk.thread:stop()
      return wrk.format("GET", "/", nil, "")
   end
   sent = sent + 1
   return wrk.format(nil, nil, nil, head .. codes[sent])
end
