using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Hosting;

[Trait(Categories.Name, Categories.Process)]
public class ParentWatchTests
{
    [Fact]
    public async Task AnAppWhoseHostIsGoneEnds()
    {
        var cancel = TestContext.Current.CancellationToken;
        var app = Path.Combine(Repository.DevelopmentBuild, "ClockifyFunctions");
        // The shell stands for the host: it says who its child is, and vanishes without a signal to it.
        using var host = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"'{app}' & echo $!; wait"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "0",
                ["ServiceBusConnection"] = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true",
                ["StorageConnection"] = "UseDevelopmentStorage=true",
            },
        })!;
        var id = int.Parse((await host.StandardOutput.ReadLineAsync(cancel))!, CultureInfo.InvariantCulture);
        var line = await host.StandardOutput.ReadLineAsync(cancel);
        while (line is not null && !line.Contains("Application started", StringComparison.Ordinal)) line = await host.StandardOutput.ReadLineAsync(cancel);
        Assert.True(Lives(id));
        host.Kill();
        await Eventually.TrueAsync("the orphan ends", () => Task.FromResult(!Lives(id)), TimeSpan.FromSeconds(15));
    }

    /// <summary>A process that has ended may stay listed until somebody fetches its exit code.</summary>
    private static bool Lives(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
