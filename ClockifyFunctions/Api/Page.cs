using System.Globalization;

namespace ClockifyFunctions.Api;

/// <summary>The part of a list that a request asks for. Every list of the API has the same two parameters.</summary>
internal readonly record struct Page(int Offset, int Limit)
{
    public const int DefaultLimit = 100, MostPerPage = 1000;

    public static Page Read(Query query) => new(query.Number("offset", 0, 0, int.MaxValue), query.Number("limit", DefaultLimit, 1, MostPerPage));

    public IReadOnlyList<T> Of<T>(IReadOnlyCollection<T> all, HttpResponse response)
    {
        SetTotal(response, all.Count);
        return [.. all.Skip(Offset).Take(Limit)];
    }

    /// <summary>The length of the whole list, in the header <c>X-Total-Count</c>.</summary>
    public static void SetTotal(HttpResponse response, int total) => response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
}
