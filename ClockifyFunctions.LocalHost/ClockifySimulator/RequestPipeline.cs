namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>
/// Processes every request in this order: ledger and rate limit, fault, credentials, endpoint. The rate limit comes first, because the real service
/// applies it in its CDN.
/// </summary>
internal sealed class RequestPipeline(
    SimulatorOptions options,
    TimeProvider time,
    Arrivals arrivals,
    Faults faults,
    KeyRing keys)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var apiKey = request.Headers["X-Api-Key"].ToString();
        var addonToken = request.Headers["X-Addon-Token"].ToString();
        var isAddonToken = apiKey.Length == 0;
        var key = isAddonToken ? addonToken : apiKey;
        var path = request.Path.Value ?? "/";

        var call = arrivals.Record(key, isAddonToken, request.Method, path);
        if (!call.Accepted)
        {
            await RefuseAsync(context, call);
            return;
        }

        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        if (options.KeepBodies)
            call.Body = body;
        var fault = faults.Take(new FaultyRequest(request.Method, path, body));

        if (fault.Kind == FaultKind.DropThenApply)
            context.Abort();

        // Not cancelled when the caller hangs up: a slow server still applies the request.
        if (fault.Delay > TimeSpan.Zero)
            await Task.Delay(fault.Delay, time);

        switch (fault.Kind)
        {
            case FaultKind.DropBeforeApplying:
                context.Abort();
                return;
            case FaultKind.AnswerBeforeApplying when fault.Status == 429:
                await RefuseAsync(context, call);
                return;
            case FaultKind.AnswerBeforeApplying:
                await new Answer(fault.Status).SendAsync(context, call);
                return;
        }

        var (caller, refused) = Identify(apiKey, addonToken);
        if (caller is null)
        {
            await refused.SendAsync(context, call, fault);
            return;
        }

        context.Features.Set(new Exchange(call, fault, caller, body));
        await next(context);
    }

    private (SimulatedKey? Caller, Answer Refused) Identify(string apiKey, string addonToken)
    {
        if (apiKey.Length == 0 == (addonToken.Length == 0))
            return (null, Answer.Error(401, 1000, "Multiple or none auth tokens present"));

        var expectsToken = apiKey.Length == 0;
        var caller = keys.Find(expectsToken ? addonToken : apiKey);
        return caller?.IsAddonToken == expectsToken
            ? (caller, Answer.NoContent)
            : (null, expectsToken
                ? Answer.Error(401, 4017, "Token is not valid")
                : Answer.Error(401, 4003, "Api key does not exist"));
    }

    private Task RefuseAsync(HttpContext context, LedgerCall call)
    {
        if (options.RetryAfterOn429 is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        var answer = options.JsonBodyOn429 ? Answer.Error(429, 429, "Too many requests") : new Answer(429);
        return answer.SendAsync(context, call);
    }
}
