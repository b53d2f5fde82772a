using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Tests two real instances of the app: one of them is killed, or storage restarts.</summary>
[Collection(InstancesStackCollection.Name)]
public sealed class InstancesTests(InstancesStack stack) : SharedStackTest(stack)
{
    [Fact]
    public async Task TwoInstancesShareOneCredentialWithoutExceedingItsLimit()
    {
        var records = SampleRecords.Read("60");
        foreach (var part in records.Chunk(15)) await SendAsync(Entries, part);
        await EventsAsync(60);
        AssertExactlyOnce(records);
    }

    /// <summary>Both instances are killed. The lease of the holder must expire before delivery continues.</summary>
    [Fact]
    public async Task InstancesKilledDuringADrainLoseNothingAndRepeatNothing()
    {
        var records = SampleRecords.Read("110");
        await SendAsync(Entries, records.Take(100));
        await CreatedAsync(25);
        foreach (var host in Stack.Hosts) host.Worker!.Kill();
        await SendAsync(Entries, records.Skip(100));
        await EventsAsync(110);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ARestartOfStorageDuringADrainLosesNothingAndRepeatsNothing()
    {
        var records = SampleRecords.Read("110");
        await SendAsync(Entries, records.Take(100));
        await CreatedAsync(15);
        await Stack.Azurite.StopProcessAsync();
        await Stack.Azurite.StartProcessAsync(Cancel);
        await SendAsync(Entries, records.Skip(100));
        await EventsAsync(110);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task TheLivenessProbeOfANewInstanceNeedsNeitherKeyNorStorage()
    {
        using var keyless = new HttpClient { BaseAddress = Stack.Api.BaseAddress };
        await Stack.Azurite.StopProcessAsync();
        try
        {
            Stack.Hosts[0].Worker!.Kill();
            await Eventually.TrueAsync("the liveness probe succeeds", async () => (await keyless.GetAsync("health/live", Cancel)).IsSuccessStatusCode, Patience);
            Assert.Equal(401, (int)(await keyless.GetAsync("health/ready", Cancel)).StatusCode);
        }
        finally
        {
            await Stack.Azurite.StartProcessAsync(Cancel);
        }
    }
}
