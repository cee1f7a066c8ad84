-- What all scripts share: the request from a file, the lines that each thread has for itself, and the report.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int, moment *);
]]
local threads = {}

function setup(thread)
   thread:set("place", #threads)
   table.insert(threads, thread)
end

-- Seconds, of the monotonic clock.
function clock()
   local now = ffi.new("moment")
   ffi.C.clock_gettime(1, now)
   return tonumber(now.seconds) + tonumber(now.nanoseconds) / 1e9
end

-- A file as HTTP has it: "METHOD /path", headers, an empty line, the body.
function read_request(path)
   local head, body = io.open(path):read("*a"):match("^(.-)\n\n(.*)$")
   wrk.method, wrk.path = head:match("^(%S+) (%S+)")
   for name, value in head:gmatch("\n([^:\n]+): ([^\n]*)") do wrk.headers[name] = value end
   wrk.body = #body > 0 and body or nil
end

-- The lines of a file that are this thread's: no other has them.
function own_lines(path, count)
   local own, at = {}, 0
   for line in io.lines(path) do
      if at % count == place then table.insert(own, line) end
      at = at + 1
   end
   return own
end

function done(summary, latency, requests)
   local errors = summary.errors
   local rate = summary.requests / summary.duration * 1e6
   local used_up = 0
   for _, thread in ipairs(threads) do
      local window = thread:get("window")
      if window then
         if used_up == 0 then rate = 0 end
         used_up = used_up + 1
         rate = rate + thread:get("sent") / window
      end
   end
   io.write(string.format(
      '\nREPORT {"requests": %d, "rate": %.3f, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "max": %.3f, '
      .. '"refused": %d, "broken": %d}\n',
      summary.requests, rate, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
      latency.max / 1000, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
