using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sending;

/// <summary>Searches all pages of a list of the API for one object.</summary>
internal static class ListSearch
{
    private const int PageSize = 200;

    /// <param name="Found">The object; null if the list does not contain it or could not be read.</param>
    /// <param name="Failed">Whether a page could not be read. <paramref name="Answer"/> contains the error.</param>
    /// <param name="Answer">The answer to the last call.</param>
    internal readonly record struct Result(JsonElement? Found, bool Failed, CallResult Answer);

    /// <param name="url">URL of the list, with its filters.</param>
    /// <param name="call">Takes a permit and makes one call.</param>
    public static async Task<Result> FindAsync(string url, ListRule list, Func<JsonElement, bool> isWanted, Func<RenderedRequest, Task<CallResult>> call)
    {
        var separator = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var page = 1; ; page++)
        {
            var answer = await call(new RenderedRequest(HttpMethod.Get, new Uri(string.Create(CultureInfo.InvariantCulture, $"{url}{separator}page={page}&page-size={PageSize}")), default) { Answer = list.At is null ? AnswerShape.List : AnswerShape.Object });
            if (!answer.IsSuccess || ItemsOf(answer, list) is not { } items) return new Result(null, true, answer);
            foreach (var item in items.EnumerateArray())
                if (item.ValueKind == JsonValueKind.Object && isWanted(item)) return new Result(item, false, answer);
            if (list.Unpaged || items.GetArrayLength() < PageSize) return new Result(null, false, answer);
        }
    }

    /// <summary>Returns the items of a page. Returns null if the answer is truncated or not the list, such as the error page of a proxy.</summary>
    private static JsonElement? ItemsOf(CallResult answer, ListRule list) =>
        list.At is null ? AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Array)
        : AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is { } envelope && new AttributePath(list.At).TryFind(envelope, out var items) && items.ValueKind == JsonValueKind.Array ? items
        : null;
}
