using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>Reads pages of Clockify's lists. The catalog entry of the lookup defines the calls.</summary>
internal sealed class ListReader(Credential credential, TimeProvider time)
{
    private const string LastPageHeader = "Last-Page";

    /// <param name="Member">One of <see cref="Lookup.By"/>.</param>
    /// <param name="IsExact">
    /// Whether to find only objects with exactly this name, if Clockify supports it. Otherwise Clockify finds all names that contain the text,
    /// ignoring case.
    /// </param>
    internal sealed record Search(string Member, string Name, bool IsExact);

    /// <param name="Rows">The objects of the page. Null if the list could not be read; <paramref name="Answer"/> then contains the reason.</param>
    /// <param name="IsLast">Whether there are no further pages.</param>
    /// <param name="IsTooLarge">Whether the answer exceeds the maximum size of an answer, so that a smaller page must be requested.</param>
    internal readonly record struct Page(IReadOnlyList<Listed>? Rows, bool IsLast, bool IsTooLarge, CallResult Answer);

    /// <param name="search">The name to search for. Null reads the list without a search.</param>
    /// <param name="call">Makes one call, including its permit.</param>
    public async Task<Page> ReadAsync(ListKey key, int page, int size, Search? search, Func<RenderedRequest, Task<CallResult>> call)
    {
        var lookup = EndpointCatalog.Lookups[key.List];
        var answer = await call(RequestOf(lookup, key, page, size, search));
        if (answer.Body.Utf8.Length >= ClockifyClient.MaxBody) return new Page(null, false, true, answer);
        if (!answer.IsSuccess || ItemsOf(lookup, answer) is not { } items) return new Page(null, false, false, answer);
        var now = time.GetUtcNow();
        return new Page([.. items.Select(item => Listed.Of(lookup, item, now)).OfType<Listed>()], lookup.Unpaged || lookup.Single || IsLast(answer, items.Length, size), false, answer);
    }

    private RenderedRequest RequestOf(Lookup lookup, ListKey key, int page, int size, Search? search)
    {
        var path = lookup.List!.Replace("{workspaceId}", key.WorkspaceId, StringComparison.Ordinal);
        if (key.Scope is { } scope) path = path.Replace($"{{{lookup.Within}}}", scope, StringComparison.Ordinal);
        var url = new StringBuilder(credential.BaseUrl.AbsoluteUri.TrimEnd('/')).Append('/').Append(path);
        var answer = lookup.At is null && !lookup.Single ? AnswerShape.List : AnswerShape.Object;
        if (lookup.IsSearch) return new RenderedRequest(HttpMethod.Post, new Uri(url.ToString()), BodyOf(lookup, page, size, search)) { Answer = answer };
        var parameters = new List<string>();
        if (search is not null) parameters.Add($"{(search.Member == lookup.By[0] ? lookup.QueryParam : search.Member)}={Uri.EscapeDataString(search.Name)}");
        if (search is { IsExact: true }) parameters.Add(lookup.Exact!);

        if (lookup.Query is { } query) parameters.Add(query);
        if (!lookup.Unpaged && !lookup.Single) parameters.Add(string.Create(CultureInfo.InvariantCulture, $"page={page}&page-size={size}"));
        if (parameters.Count > 0) url.Append(path.Contains('?', StringComparison.Ordinal) ? '&' : '?').AppendJoin('&', parameters);
        return new RenderedRequest(HttpMethod.Get, new Uri(url.ToString()), default) { Answer = answer };
    }

    private static byte[] BodyOf(Lookup lookup, int page, int size, Search? search)
    {
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        writer.WriteStartObject();
        writer.WriteNumber("page", page);
        writer.WriteNumber("pageSize", size);
        if (search is not null) writer.WriteString(lookup.BodyParam!, search.Name);
        if (search is { IsExact: true } && lookup.Exact?.Split('=') is [var exact, var value]) writer.WriteBoolean(exact, value == "true");
        writer.WriteEndObject();
        return rented.ToArray().ToArray();
    }

    /// <summary>Returns null if the answer does not have the expected form, for example because it is an error page of a proxy.</summary>
    private static JsonElement[]? ItemsOf(Lookup lookup, CallResult answer)
    {
        if (lookup is { At: null, Single: false }) return AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray()] : null;
        if (AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is not { } envelope) return null;
        if (lookup.Single) return [envelope];
        return new AttributePath(lookup.At!).TryFind(envelope, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : null;
    }

    private static bool IsLast(CallResult answer, int count, int size) =>
        (answer.Headers ?? []).FirstOrDefault(header => header.Key.Equals(LastPageHeader, StringComparison.OrdinalIgnoreCase)).Value is { } last
            ? last.Equals("true", StringComparison.OrdinalIgnoreCase)
            : count < size;
}
