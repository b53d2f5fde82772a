using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>What the host makes of an answer to a call that is not forwarded: section 5 of the protocol.</summary>
internal static class HandlerAnswer
{
    /// <returns>
    /// A result, or null when the host would never see one: the invocation then hangs until functionTimeout.
    /// </returns>
    public static InvocationResult? Judge(int status, string? mediaType, string body)
    {
        if (status is < 200 or > 299) return new InvocationResult($"the handler answered status {status}");
        if (status == 204 || body.Length == 0) return null;
        if (!"application/json".Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            return new InvocationResult($"the handler answered media type '{mediaType}', not application/json");
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => InvocationResult.Success,
                JsonValueKind.Null => null,
                var kind => new InvocationResult($"the handler answered JSON that is no object but {kind}"),
            };
        }
        catch (JsonException)
        {
            return new InvocationResult("the handler answered no valid JSON");
        }
    }

    /// <summary>
    /// The messages for an output, as an array of texts; none when there is no such output. Whatever else a handler may answer the real host
    /// rewrites in its own ways (section 5): nothing to rely on, and refused here.
    /// </summary>
    /// <exception cref="FormatException">It is no array of texts.</exception>
    public static IReadOnlyList<string> Output(string body, string name)
    {
        using var document = JsonDocument.Parse(body);
        var outputs = document.RootElement.EnumerateObject().FirstOrDefault(p => p.Name.Equals("Outputs", StringComparison.OrdinalIgnoreCase)).Value;
        if (outputs.ValueKind != JsonValueKind.Object || !outputs.TryGetProperty(name, out var messages) || messages.ValueKind == JsonValueKind.Null) return [];
        if (messages.ValueKind == JsonValueKind.Array && messages.EnumerateArray().All(message => message.ValueKind == JsonValueKind.String))
            return [.. messages.EnumerateArray().Select(message => message.GetString()!)];
        throw new FormatException($"Outputs.{name} is not supported in this form: send an array of strings, one per message");
    }

    /// <summary>The log lines of an answer that was judged a success.</summary>
    public static IReadOnlyList<string> Logs(string body)
    {
        using var document = JsonDocument.Parse(body);
        return
        [
            .. document.RootElement.EnumerateObject()
                .Where(p => p.Name.Equals("Logs", StringComparison.OrdinalIgnoreCase) && p.Value.ValueKind == JsonValueKind.Array)
                .SelectMany(p => p.Value.EnumerateArray())
                .Select(line => line.ToString()),
        ];
    }
}
