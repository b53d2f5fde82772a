using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>A storage account in memory, for tests of one class that reads or writes blobs. Its requests take no time.</summary>
internal static class InMemoryStorage
{
    public static AppSettings Settings { get; } = Some.Settings("UseDevelopmentStorage=true");

    /// <param name="time">The clock for leases and modification times. Default: the system clock.</param>
    public static BlobAccount Open(TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var handler = new BlobHandler(new InMemoryBlobs(time), new StorageCondition { Latency = TimeSpan.Zero }, time, new KillSwitch());
        return new BlobAccount(Settings, handler.Setup(time));
    }
}
