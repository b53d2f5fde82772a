using System.Diagnostics;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ServiceBus;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

/// <summary>
/// The official JavaScript client against the emulator: the judge of whether it is one. The cases are in
/// <c>sdk/conformance.mjs</c>.
/// </summary>
public class OfficialClientTests
{
    private static readonly string[] Cases =
    [
        "send-single", "send-batch", "too-large", "peek-lock-complete", "abandon", "dead-letter", "max-delivery-count",
        "renew-lock", "receive-and-delete", "properties", "scheduled", "peek", "drain", "subscribe", "unknown-queue",
    ];

    [Fact]
    public async Task TheOfficialClientFindsAServiceBus()
    {
        var sdk = Path.Combine(RepositoryRoot(), "ClockifyFunctions.Tests", "LocalHost", "ServiceBus", "sdk");
        if (!Directory.Exists(Path.Combine(sdk, "node_modules")))
            await Run(sdk, "npm", ["ci"]);
        await using var emulator = await ServiceBusEmulator.StartAsync(
            0, Cases.Select(name => new QueueOptions(name)), TimeProvider.System);

        var output = await Run(sdk, "node", ["conformance.mjs", emulator.ConnectionString, .. Cases]);

        var results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal(Cases, results.Select(result => result.GetProperty("case").GetString()));
        Assert.All(results, result => Assert.True(result.GetProperty("ok").GetBoolean(), result.ToString()));
    }

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
        // npm warns about what it likes; the client is expected to have nothing to say.
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
