using System.Globalization;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Pages from 1, with a default page-size of 50 and the header Last-Page. A parameter of the wrong type is answered with status 400 and code 3000.</summary>
internal static class Paging
{
    public static Answer Page<T>(Call call, IEnumerable<T> items, Func<T, JsonNode> show)
    {
        if (Number(call, "page", 1) is not { } page)
            return WrongType("page");
        if (Number(call, "page-size", 50) is not { } size)
            return WrongType("page-size");

        var rest = items.Skip((Math.Max(page, 1) - 1) * size).Take(size + 1).ToList();
        return Answer.Ok(new JsonArray([.. rest.Take(size).Select(show)])) with { IsLastPage = rest.Count <= size };
    }

    /// <summary>Of a search by POST, which carries page and pageSize in its body and answers no Last-Page.</summary>
    public static IEnumerable<T> Of<T>(Body body, IEnumerable<T> items)
    {
        var size = (int)(body.Number("pageSize") ?? 50);
        return items.Skip((int)(Math.Max(body.Number("page") ?? 1, 1) - 1) * size).Take(size);
    }

    private static int? Number(Call call, string name, int otherwise) =>
        call.Query(name) is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value
        : null;

    private static Answer WrongType(string name) => Answer.Error(
        400, 3000, $"Failed to convert value of parameter '{name}' to required type 'java.lang.Integer'");
}
