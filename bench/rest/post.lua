-- Posts the file BODY; each connection waits DELAY milliseconds between its requests.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = assert(io.open(os.getenv("BODY"), "r"))
wrk.body = file:read("*a")
file:close()

local pause = tonumber(os.getenv("DELAY") or "0")
if pause > 0 then
  function delay()
    return pause
  end
end
