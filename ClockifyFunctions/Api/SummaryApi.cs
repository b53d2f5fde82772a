using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;

namespace ClockifyFunctions.Api;

/// <summary>Returns everything that the lists of the console show, in one request.</summary>
internal sealed class SummaryApi(Overview overview, StatusReader statuses, CredentialStore credentials)
{
    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var (page, search, sort) = (Page.Read(query), query.Text("search").Trim(), query.Choice("sort", SummarySort.Trouble));
        if (query.Refusal is { } refusal) return refusal;
        var reading = await overview.ReadAsync(cancel);
        var rows = reading.Destinations.Select(stored => (Stored: stored, StatusReader.ConditionOf(stored, reading).Kind)).ToArray();
        var found = rows.Where(row => Matches(row.Stored, search)).OrderByDescending(row => Rank(row.Stored, row.Kind, sort, reading)).ThenBy(row => row.Stored.Id, StringComparer.Ordinal).ToArray();
        var shown = page.Of(found, request.HttpContext.Response);
        var destinations = new DestinationStatus[shown.Count];
        await Parallel.ForAsync(0, shown.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (index, stop) =>
            destinations[index] = await statuses.OfAsync(shown[index].Stored, reading, stop));
        return Results.Json(
            new SummaryView(
                reading.Now, found.Length, destinations, rows.CountBy(row => row.Kind).ToDictionary(count => count.Key.ToString().ToLowerInvariant(), count => count.Value),
                [.. reading.Credentials.InOrder.Select(credential => StatusReader.Of(credential, reading))], new CredentialStoreView(credentials.CanManage, reading.Credentials.Problem),
                reading.Quarantined.GetValueOrDefault(QuarantineStore.Unrouted).Entries),
            ApiJson.Web.SummaryView);
    }

    private static bool Matches(StoredDestination stored, string search) =>
        search.Length == 0 || new[] { stored.Id, stored.Config.Credential, stored.Config.Endpoint ?? stored.Config.Sync, StatusReader.TargetOf(stored.Config) }
            .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The rank of a destination. A higher rank comes earlier in the list.</summary>
    private static long Rank(StoredDestination stored, ConditionKind kind, SummarySort sort, Overview.Reading reading) => sort switch
    {
        SummarySort.Waiting => reading.BacklogOf(stored)?.WaitingBytes ?? 0,
        SummarySort.Trouble => kind switch
        {
            ConditionKind.Stopped => 4,
            ConditionKind.Waiting => 3,
            _ when reading.BacklogOf(stored)?.Cursor.LastError is not null => 2,
            _ when reading.Quarantined.GetValueOrDefault(stored.Id).Entries > 0 => 1,
            _ => 0,
        },
        _ => 0,
    };
}

/// <summary>The order of the destinations in a summary. Destinations of equal rank are ordered by id.</summary>
internal enum SummarySort
{
    /// <summary>Stopped destinations first, then those whose API does not work, then those with an error, then those with quarantine entries.</summary>
    Trouble,

    Name,

    /// <summary>Most waiting bytes first.</summary>
    Waiting,
}
