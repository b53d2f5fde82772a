using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Benchmarks;

/// <summary>Writes destinations and waiting records directly into storage, so that a run starts with the step to measure.</summary>
internal sealed class PreparedStorage
{
    private const int ChunkBytes = 4 << 20;
    private static readonly DateTimeOffset Enqueued = DateTimeOffset.UtcNow;
    private readonly BlobAccount _account;

    private PreparedStorage(BlobAccount account) => _account = account;

    public static PreparedStorage Open(string connection) =>
        new(new BlobAccount(new AppSettings { StorageConnection = connection, Credentials = new Dictionary<string, Credential>() }));

    /// <summary>Creates a destination that creates time entries.</summary>
    public Task CreateAsync(string destination, string credential, DestinationState state = DestinationState.Active, bool responses = true)
    {
        var config = new DestinationConfig { Credential = credential, Endpoint = "createTimeEntry", Inputs = new Dictionary<string, string> { ["workspaceId"] = Seed.WorkspaceId }, Responses = responses };
        return new DestinationStore(_account, TimeProvider.System).WriteAsync(new StoredDestination(destination, state, config), null, CancellationToken.None);
    }

    /// <param name="ids">Prefix of the record ids. Use a new prefix for new records.</param>
    public Task AppendAsync(string destination, string credential, IEnumerable<string> records, string ids = "record") =>
        new Backlogs(_account).AppendAsync(
            credential, destination, records.Select((record, number) => new BacklogRecord($"{ids}-{number}", null, Enqueued, RawJson.Of(JsonElement.Parse(record)))), CancellationToken.None);

    /// <summary>Number of records in the backlog, waiting or finished.</summary>
    public async Task<int> CountAsync(string destination, string credential)
    {
        var (count, log) = (0, new Backlogs(_account).Log(credential, destination));
        foreach (var segment in (await log.ListAsync(CancellationToken.None)).Keys)
        {
            LogChunk chunk;
            for (var at = new LogPosition(segment, 0); (chunk = await log.ReadAsync(at, ChunkBytes, CancellationToken.None)).Lines.Count > 0; at = chunk.Next) count += chunk.Lines.Count;
        }

        return count;
    }
}
