using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Benchmarks;

/// <summary>Puts active destinations and waiting records straight into storage, so that a run begins where it is to be measured.</summary>
internal sealed class PreparedStorage
{
    private static readonly DateTimeOffset Enqueued = DateTimeOffset.UtcNow;
    private readonly BlobAccount _account;

    private PreparedStorage(BlobAccount account) => _account = account;

    public static async Task<PreparedStorage> OpenAsync(string connection)
    {
        var account = new BlobAccount(new AppSettings { StorageConnection = connection, Credentials = new Dictionary<string, Credential>() });
        await account.EnsureContainersAsync();
        return new PreparedStorage(account);
    }

    /// <summary>An active destination that creates time entries.</summary>
    public Task ActivateAsync(string destination, string credential, bool responses = true)
    {
        var config = new DestinationConfig { Credential = credential, Endpoint = "createTimeEntry", Inputs = new Dictionary<string, string> { ["workspaceId"] = Seed.WorkspaceId }, Responses = responses };
        return new DestinationStore(_account, TimeProvider.System).WriteAsync(new StoredDestination(destination, DestinationState.Active, config), null, CancellationToken.None);
    }

    /// <param name="ids">What the records' ids begin with; the same again would be the same records.</param>
    public Task WaitAsync(string destination, string credential, IEnumerable<string> records, string ids = "record") =>
        new Backlogs(_account).AppendAsync(
            credential, destination, records.Select((record, number) => new BacklogRecord($"{ids}-{number}", null, Enqueued, JsonElement.Parse(record))), CancellationToken.None);

    /// <summary>Bytes that wait in all backlogs.</summary>
    public async Task<long> WaitingBytesAsync() => (await new Backlogs(_account).ListAsync(null, CancellationToken.None)).Sum(backlog => backlog.WaitingBytes);
}
