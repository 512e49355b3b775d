-- What wrk sends and counts: `wrk -s load.lua URL` asks for one address again and again, `... URL -- LIST` for each
-- address of the file LIST once, and then stops. The last line that it prints is what happened, as JSON.
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int, int);")
local SIGINT = 2 -- upon which wrk prints its figures, as at its end
local requests, sent, threads = {}, 0, {}
bad = 0

function setup(thread)
    table.insert(threads, thread)
end

function init(arguments)
    if arguments[1] == nil then return end
    for address in io.lines(arguments[1]) do
        table.insert(requests, wrk.format("GET", address))
    end
    request, response = next_of_list, check
end

function next_of_list()
    sent = sent + 1
    if sent == #requests then ffi.C.kill(ffi.C.getpid(), SIGINT) end
    return requests[math.min(sent, #requests)]
end

function check(status, headers, body)
    local whole = body:sub(1, 4) == "\137PNG" and body:sub(-8, -5) == "IEND"
    if status ~= 200 or not whole then bad = bad + 1 end
end

function done(summary, latency)
    local failed = summary.errors
    for _, thread in ipairs(threads) do
        bad = thread:get("bad")
    end
    print(string.format(
        '{"requests": %d, "bytes": %d, "seconds": %.6f, "failed": %d, "bad": %d}',
        summary.requests, summary.bytes, summary.duration / 1e6,
        failed.connect + failed.read + failed.write + failed.status + failed.timeout, bad))
end
