using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Two real instances of the app, one of which is killed; and storage that restarts under them.</summary>
[Collection(InstancesStackCollection.Name)]
public sealed class InstancesTests(InstancesStack stack) : SharedStackTest(stack)
{
    [Fact]
    public async Task TwoInstancesShareOneKeyWithoutExceedingItsLimit()
    {
        var records = SampleRecords.Read("60");
        foreach (var part in records.Chunk(15)) await SendAsync(Entries, part);
        await EventsAsync(60);
        AssertExactlyOnce(records);
    }

    /// <summary>Whichever of them holds the gate, its lease has to expire before the records go on.</summary>
    [Fact]
    public async Task InstancesKilledDuringADrainLoseNothingAndRepeatNothing()
    {
        var records = SampleRecords.Read("60");
        await SendAsync(Entries, records);
        await CreatedAsync(25);
        foreach (var host in Stack.Hosts) host.Worker!.Kill();
        await EventsAsync(60);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ARestartOfStorageDuringADrainLosesNothingAndRepeatsNothing()
    {
        var records = SampleRecords.Read("60");
        await SendAsync(Entries, records);
        await CreatedAsync(15);
        await Stack.Azurite.StopProcessAsync();
        await Stack.Azurite.StartProcessAsync(Cancel);
        await EventsAsync(60);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task TheLivenessProbeOfANewInstanceNeedsNeitherKeyNorStorage()
    {
        using var keyless = new HttpClient { BaseAddress = Stack.Api.BaseAddress };
        await Stack.Azurite.StopProcessAsync();
        Stack.Hosts[0].Worker!.Kill();
        await Eventually.TrueAsync("it lives", async () => (await keyless.GetAsync("health/live", Cancel)).IsSuccessStatusCode, Patience);
        Assert.Equal(401, (int)(await keyless.GetAsync("health/ready", Cancel)).StatusCode);
        await Stack.Azurite.StartProcessAsync(Cancel);
    }
}
