using ClockifyFunctions.Configuration;
using ClockifyFunctions.References;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.References;

/// <summary>Empty lists of a credential, without storage.</summary>
internal static class SomeLists
{
    private static readonly AppSettings Settings = new() { StorageConnection = "UseDevelopmentStorage=true", Credentials = new Dictionary<string, Credential>() };

    public static Lists Create(TimeProvider time)
    {
        var account = new BlobAccount(Settings);
        return new Lists(Written.Credential(), new SnapshotStore(account), new LinkStore(account, time), Settings, time, NullLogger.Instance);
    }

    public static Lookups LookupsOf(Lists lists, TimeProvider time) => new(lists, Settings, time, NullLogger.Instance);
}
