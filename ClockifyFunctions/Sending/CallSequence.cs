using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// The calls that go before a record's own: reading what an update must keep, and archiving what a delete would be refused for.
/// All of them can be made again, so a sequence that broke off starts from its beginning.
/// </summary>
internal static class CallSequence
{
    private const int TooLarge = 413;

    /// <param name="call">Makes one call, permit included.</param>
    /// <returns>The request to send now; or, when an earlier call already decides, its answer.</returns>
    public static async ValueTask<(RenderedRequest Request, CallResult? Stopped)> PrepareAsync(
        Destination destination, RenderedRequest request, Func<RenderedRequest, Task<CallResult>> call)
    {
        var merges = destination.UpdateMode == UpdateMode.Merge;
        if (!merges && !destination.ArchiveFirst) return (request, null);

        var read = new RenderedRequest(HttpMethod.Get, request.Url, default) { Answer = AnswerShape.Entity };
        var answer = await call(read);
        if (answer.Status != 200) return (read, answer);
        if (answer.Body.Utf8.Length >= ClockifyClient.MaxBody)
            return (read, answer with { Status = TooLarge, Error = $"the object to be changed is larger than {ClockifyClient.MaxBody >> 20} MB; {(merges ? "use updateMode replace" : "archive it in Clockify, and leave archiveFirst out")}" });
        // A proxy's page: nothing was changed, and the API may answer later.
        if (!answer.IsSuccess || AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is not { } current)
            return (read, answer with { Status = 0, LeftThisMachine = false, Error = "something else than the API answered when the object was read" });
        if (merges) return (request with { Body = ObjectMerge.Merge(destination.Endpoint!, current, request.Body) }, null);
        var step = destination.Endpoint!.Archive!;
        if (current.TryGetProperty(step.Field, out var value) && value.GetRawText() == step.Value) return (request, null);
        var update = EndpointTemplate.Find(destination.Endpoint.Name.Replace("delete", "update", StringComparison.Ordinal))!;
        var change = Encoding.UTF8.GetBytes($"{{\"{step.Field}\":{step.Value}}}");
        var archive = new RenderedRequest(HttpMethod.Put, request.Url, ObjectMerge.Merge(update, current, change)) { Answer = update.Answer };
        var archived = await call(archive);
        return archived.IsSuccess ? (request, null) : (archive, archived);
    }

    /// <summary>The calls that a record takes, for people; null where it is just its own.</summary>
    public static IReadOnlyList<string>? Describe(Destination destination, RenderedRequest request)
    {
        if (destination.UpdateMode == UpdateMode.Merge) return [$"GET {request.Url}", $"{request.Method} {request.Url}, with what was read where the record is silent"];
        if (!destination.ArchiveFirst) return null;
        var step = destination.Endpoint!.Archive!;
        return [$"GET {request.Url}", $"PUT {request.Url} with {step.Field} {step.Value}, unless it is so already", $"{request.Method} {request.Url}"];
    }
}
