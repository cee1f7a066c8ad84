-- The same request, each connection pausing in between: a load that leaves room, in which latencies mean something.
dofile("report.lua")

function init(args)
   read_request(args[1])
   pause = tonumber(args[4])
end

function delay()
   return pause
end
