using System.Runtime.InteropServices;
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
        if (destination.UpdateMode == UpdateMode.Merge)
        {
            var (read, answer, current) = await ReadAsync(request, "use updateMode replace", call);
            return current is { } whole ? (request with { Body = ObjectMerge.Merge(destination.Endpoint!, whole, request.Body) }, null) : (read, answer);
        }

        if (!destination.ArchiveFirst) return (request, null);
        var (archive, set) = ArchiveOf(destination.Endpoint!);
        var body = JsonMarshal.GetRawUtf8Value(set).ToArray();
        if (archive.Merge is not null)
        {
            var (read, answer, current) = await ReadAsync(request, "archive it in Clockify, and leave archiveFirst out", call);
            if (current is not { } whole) return (read, answer);
            if (set.EnumerateObject().All(member => whole.TryGetProperty(member.Name, out var value) && JsonElement.DeepEquals(value, member.Value))) return (request, null);
            body = ObjectMerge.Merge(archive, whole, body);
        }

        var write = new RenderedRequest(archive.Method, UrlOf(archive, destination.Endpoint!, request), body) { Answer = archive.Answer };
        var written = await call(write);
        return written.IsSuccess ? (request, null) : (write, written);
    }

    /// <summary>The calls that a record takes, for people; null where it is just its own.</summary>
    public static IReadOnlyList<string>? Describe(Destination destination, RenderedRequest request)
    {
        if (destination.UpdateMode == UpdateMode.Merge) return [$"GET {request.Url}", $"{request.Method} {request.Url}, with what was read where the record is silent"];
        if (!destination.ArchiveFirst) return null;
        var (archive, set) = ArchiveOf(destination.Endpoint!);
        var url = UrlOf(archive, destination.Endpoint!, request);
        return archive.Merge is null
            ? [$"{archive.Verb} {url} with {set.GetRawText()}", $"{request.Method} {request.Url}"]
            : [$"GET {request.Url}", $"{archive.Verb} {url} with {set.GetRawText()}, unless it is so already", $"{request.Method} {request.Url}"];
    }

    /// <summary>The object that the call is about; or null, and the call and answer that end the sequence.</summary>
    private static async ValueTask<(RenderedRequest Read, CallResult Answer, JsonElement? Current)> ReadAsync(RenderedRequest request, string remedy, Func<RenderedRequest, Task<CallResult>> call)
    {
        var read = new RenderedRequest(HttpMethod.Get, request.Url, default) { Answer = AnswerShape.Entity };
        var answer = await call(read);
        if (answer.Status != 200) return (read, answer, null);
        if (answer.Body.Utf8.Length >= ClockifyClient.MaxBody)
            return (read, answer with { Status = TooLarge, Error = $"the object to be changed is larger than {ClockifyClient.MaxBody >> 20} MB; {remedy}" }, null);
        // A proxy's page: nothing was changed, and the API may answer later.
        return answer.IsSuccess && AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is { } current
            ? (read, answer, current)
            : (read, answer with { Status = 0, LeftThisMachine = false, Error = "something else than the API answered when the object was read" }, null);
    }

    private static (EndpointTemplate Archive, JsonElement Set) ArchiveOf(EndpointTemplate endpoint) => (EndpointTemplate.Find(endpoint.Archive!.Endpoint)!, endpoint.Archive.Set);

    /// <summary>The path of the archiving endpoint begins with that of the delete.</summary>
    private static Uri UrlOf(EndpointTemplate archive, EndpointTemplate endpoint, RenderedRequest request) =>
        archive.Path.Length == endpoint.Path.Length ? request.Url : new Uri(request.Url.OriginalString + archive.Path[endpoint.Path.Length..]);
}
