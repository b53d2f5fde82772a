using System.Diagnostics;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

/// <summary>
/// Runs the official JavaScript client against the emulator, to verify the behavior of the emulator. The cases are in
/// <c>sdk/conformance.mjs</c>.
/// </summary>
[Trait(Categories.Name, Categories.Process)]
public class OfficialClientTests
{
    /// <summary>Long enough for a client on a busy machine to use the lock before it ends.</summary>
    private static readonly TimeSpan ShortLock = TimeSpan.FromSeconds(3);

    /// <summary>The queues that the cases need.</summary>
    private static readonly QueueOptions[] Queues =
    [
        new("send-single"), new("send-batch"), new("too-large"), new("peek-lock-complete"), new("abandon"), new("dead-letter"),
        new("max-delivery-count"), new("renew-lock"), new("receive-and-delete"), new("properties"), new("scheduled"), new("peek"),
        new("drain"), new("subscribe"), new("defer"), new("defer-again"), new("time-to-live"),
        new("expired-to-dead-letter") { TimeToLive = TimeSpan.FromMilliseconds(500), DeadLetterOnExpiration = true },
        new("duplicate-detection") { DuplicateDetectionWindow = TimeSpan.FromMinutes(10) },
        new("lock-expiry", ShortLock), new("small-messages-only") { MaxMessageSize = 1024 },
        Sessions("session-named"), Sessions("session-next"), Sessions("session-locked"), Sessions("session-state"),
        Sessions("session-lock-renewal", ShortLock), Sessions("session-lock-expiry", ShortLock), Sessions("session-fifo"),
        Sessions("session-defer"), Sessions("session-dead-letter"), Sessions("session-required"), new("unknown-queue"),
    ];

    private static readonly string[] Cases = [.. Queues.Select(queue => queue.Name)];

    [Fact]
    public async Task TheOfficialClientPassesItsConformanceCases()
    {
        var sdk = Path.Combine(RepositoryRoot(), "ClockifyFunctions.Tests", "LocalHost", "ServiceBus", "sdk");
        if (!Directory.Exists(Path.Combine(sdk, "node_modules")))
            await Run(sdk, "npm", ["ci"]);
        await using var emulator = await ServiceBusEmulator.StartAsync(
            0, Queues, TimeProvider.System);

        var output = await Run(sdk, "node", ["conformance.mjs", emulator.ConnectionString, .. Cases]);

        var results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal(Cases, results.Select(result => result.GetProperty("case").GetString()));
        Assert.All(results, result => Assert.True(result.GetProperty("ok").GetBoolean(), result.ToString()));
    }

    private static QueueOptions Sessions(string name, TimeSpan? lockDuration = null) =>
        new(name, lockDuration ?? TimeSpan.FromSeconds(60)) { RequiresSession = true };

    private static async Task<string> Run(string directory, string program, string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromMinutes(3), cancellation);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, $"{program} exited with {process.ExitCode}: {await errors}{await output}");
        // npm can print warnings; the client must print nothing.
        if (program == "node")
            Assert.Equal("", await errors);
        return await output;
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ClockifyFunctions.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        return directory.FullName;
    }
}
