using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Makes the calls that precede the call of a record: an update reads the fields that it must keep, and a delete first archives the object
/// because Clockify would otherwise refuse the delete. All of these calls can be repeated, so an interrupted sequence starts again at the first call.
/// </summary>
internal static class CallSequence
{
    private const int TooLarge = 413;

    /// <param name="call">Takes a permit and makes one call.</param>
    /// <returns>The request to send next. If an earlier call failed: that call and its answer, which decides the outcome of the record.</returns>
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

    /// <summary>Lists the calls of a record for display. Returns null if the record needs only one call.</summary>
    public static IReadOnlyList<string>? Describe(Destination destination, RenderedRequest request)
    {
        if (destination.UpdateMode == UpdateMode.Merge) return [$"GET {request.Url}", $"{request.Method} {request.Url}, with the values that were read for the fields that the record does not contain"];
        if (!destination.ArchiveFirst) return null;
        var (archive, set) = ArchiveOf(destination.Endpoint!);
        var url = UrlOf(archive, destination.Endpoint!, request);
        return archive.Merge is null
            ? [$"{archive.Verb} {url} with {set.GetRawText()}", $"{request.Method} {request.Url}"]
            : [$"GET {request.Url}", $"{archive.Verb} {url} with {set.GetRawText()}, unless the object already has these values", $"{request.Method} {request.Url}"];
    }

    /// <summary>Reads the object that the call changes. If the read fails, the returned object is null and the answer ends the sequence.</summary>
    private static async ValueTask<(RenderedRequest Read, CallResult Answer, JsonElement? Current)> ReadAsync(RenderedRequest request, string remedy, Func<RenderedRequest, Task<CallResult>> call)
    {
        var read = new RenderedRequest(HttpMethod.Get, request.Url, default) { Answer = AnswerShape.Entity };
        var answer = await call(read);
        if (answer.Status != 200) return (read, answer, null);
        if (answer.Body.Utf8.Length >= ClockifyClient.MaxBody)
            return (read, answer with { Status = TooLarge, Error = $"the object to be changed is larger than {ClockifyClient.MaxBody >> 20} MB; {remedy}" }, null);
        // A proxy answered instead of the API. Nothing was changed, and a later attempt may reach the API.
        return answer.IsSuccess && AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is { } current
            ? (read, answer, current)
            : (read, answer with { Status = 0, LeftThisMachine = false, Error = "the response to the read of the object did not come from the API" }, null);
    }

    private static (EndpointTemplate Archive, JsonElement Set) ArchiveOf(EndpointTemplate endpoint) => (EndpointTemplate.Find(endpoint.Archive!.Endpoint)!, endpoint.Archive.Set);

    /// <summary>The path of the archiving endpoint begins with the path of the delete endpoint.</summary>
    private static Uri UrlOf(EndpointTemplate archive, EndpointTemplate endpoint, RenderedRequest request) =>
        archive.Path.Length == endpoint.Path.Length ? request.Url : new Uri(request.Url.OriginalString + archive.Path[endpoint.Path.Length..]);
}
