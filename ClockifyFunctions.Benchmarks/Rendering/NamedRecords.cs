using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.References;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Benchmarks.Rendering;

/// <summary>Records with names instead of ids, and lists with the named objects: 300 clients, 2,000 projects, 500 tags, and five tasks in each project.</summary>
internal static class NamedRecords
{
    public const string Case = "mapping, dates, references";

    public const string References = """{"client":"Client","project":{"from":"Project","within":"client"},"task":"Task","tags":{"from":"Labels","split":","}}""";

    private const int Clients = 300, Projects = 2000, Tags = 500, Tasks = 5;

    public static string Of(int number) =>
        $$"""{"Day":"30.07.2026","From":"12:20","Hours":"1,5","What":"Review of change {{number}}","Billable":"ja","Client":"client {{number % Projects % Clients}}","Project":" Project {{number % Projects}}","Task":"Task {{number % Tasks}}","Labels":"Tag {{number % Tags}}, Tag {{(number + 1) % Tags}}"}""";

    public static Lists Lists(Credential credential)
    {
        var settings = new AppSettings { StorageConnection = "UseDevelopmentStorage=true", Credentials = new Dictionary<string, Credential>() };
        var lists = new Lists(credential, new SnapshotStore(new BlobAccount(settings)), new LinkStore(new BlobAccount(settings), TimeProvider.System), settings, TimeProvider.System, NullLogger.Instance);
        Add(lists, "clients", null, Clients, index => $$"""{"id":"{{Id('c', index)}}","name":"Client {{index}}"}""");
        Add(lists, "projects", null, Projects, index => $$"""{"id":"{{Id('b', index)}}","name":"Project {{index}}","clientId":"{{Id('c', index % Clients)}}","archived":false}""");
        Add(lists, "tags", null, Tags, index => $$"""{"id":"{{Id('d', index)}}","name":"Tag {{index}}","archived":false}""");
        for (var project = 0; project < Projects; project++) Add(lists, "tasks", Id('b', project), Tasks, index => $$"""{"id":"{{Id('a', index)}}","name":"Task {{index}}","status":"ACTIVE"}""");
        return lists;
    }

    private static string Id(char kind, int index) => $"66f1a0c2b7d14e3a9c5{kind}{index:x4}";

    private static void Add(Lists lists, string list, string? scope, int count, Func<int, string> row)
    {
        var (lookup, now) = (EndpointCatalog.Lookups[list], DateTimeOffset.UtcNow);
        var snapshot = new Snapshot(lookup, new ListKey(Seed.WorkspaceId, list, scope), now);
        snapshot.AddPages(1, isLast: true, Enumerable.Range(0, count).Select(index => Listed.Of(lookup, JsonElement.Parse(row(index)), now)!));
        lists.Note(snapshot);
    }

    /// <summary>These records name objects by name only.</summary>
    private sealed class NoExternalKeys : IExternalKeys
    {
        public ExternalKey Find(string credential, string destination, string key) => new ExternalKey.Unknown();
    }
}
