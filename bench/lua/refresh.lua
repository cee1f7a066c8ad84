-- Chains of refresh tokens: a connection takes a token, and puts the one that it was answered in its place.
dofile("report.lua")
local tokens, head

function init(args)
   read_request(args[1])
   tokens, head = own_lines(args[2], tonumber(args[3])), wrk.body
end

function request()
   return wrk.format(nil, nil, nil, head .. table.remove(tokens))
end

function response(status, headers, body)
   if status == 200 then
      table.insert(tokens, body:match('"refresh_token": ?"([^"]+)"'))
   end
end
