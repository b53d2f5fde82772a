using System.Text.Json;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.Commands;

/// <summary>Tests <c>start --func</c> with a script in place of func: its arguments, and the handling of its exit and its responses.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class StartFuncTests : IDisposable
{
    private const string Bus = "Endpoint=sb://real.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=c2VjcmV0";
    private const string Storage = "DefaultEndpointsProtocol=https;AccountName=real;AccountKey=a2V5;EndpointSuffix=core.windows.net";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("func-");

    private string Recorded => Path.Combine(_folder.FullName, "recorded.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FuncRunsTheScriptRootWithTheSettingsAndEndsWithTheStack()
    {
        WriteFunc("""
            require("fs").writeFileSync(process.env.RECORDED, JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), env: process.env, calls: [] }));
            const calls = [];
            const server = require("http").createServer((request, response) => {
              calls.push(request.method + " " + request.url);
              response.end("{}");
            });
            server.listen(Number(process.argv[4]), "127.0.0.1");
            process.on("SIGTERM", () => {
              require("fs").writeFileSync(process.env.RECORDED + ".calls", JSON.stringify(calls));
              process.exit(0);
            });
            """);
        await using var process = LocalHostProcess.Start(["start", "--func", "--service-bus", "--storage", "--port", "0"], Environment(
            ("ServiceBusConnection", Bus), ("StorageConnection", Storage)));

        var printed = await process.ReadUntilAsync("Ctrl+C");
        Assert.Equal((0, ""), await process.TerminateAsync());

        Assert.DoesNotContain("c2VjcmV0", printed);
        Assert.Matches("/api/console#key=[A-Za-z0-9_-]{43}\n", printed);
        var func = JsonDocument.Parse(await File.ReadAllTextAsync(Recorded, TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(["start", "--port"], func.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!).Take(2));
        Assert.Equal(Repository.DevelopmentBuild, func.GetProperty("cwd").GetString());
        var environment = func.GetProperty("env");
        Assert.Equal("dotnet-isolated", environment.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
        Assert.Equal(Bus, environment.GetProperty("ServiceBusConnection").GetString());
        Assert.Equal(Storage, environment.GetProperty("StorageConnection").GetString());
        Assert.Equal(Storage, environment.GetProperty("AzureWebJobsStorage").GetString());
        Assert.StartsWith("http://127.0.0.1:", environment.GetProperty("Credentials__default__BaseUrl").GetString());
        var calls = await File.ReadAllTextAsync(Recorded + ".calls", TestContext.Current.CancellationToken);
        Assert.Contains("PUT /api/destinations/demo", calls);
    }

    [Fact]
    public async Task TheExitCodeOfFuncIsReported()
    {
        WriteFunc("process.exit(3);");
        await using var process = LocalHostProcess.Start(["start", "--func", "--service-bus", "--storage", "--port", "0"], Environment(
            ("ServiceBusConnection", Bus), ("StorageConnection", Storage)));

        var (exitCode, errors) = await process.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("ended with exit code 3", errors);
    }

    [Fact]
    public async Task AMissingFuncIsReportedWithTheRemedy()
    {
        await using var process = LocalHostProcess.Start(
            ["start", "--func", "--service-bus", "--storage", "--port", "0"],
            ("PATH", _folder.FullName), ("ServiceBusConnection", Bus), ("StorageConnection", Storage));

        var (exitCode, errors) = await process.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Azure Functions Core Tools", errors);
    }

    private (string, string)[] Environment(params (string, string)[] more) =>
    [
        ("PATH", $"{_folder.FullName}:{System.Environment.GetEnvironmentVariable("PATH")}"),
        ("RECORDED", Recorded),
        .. more,
    ];

    private void WriteFunc(string script)
    {
        var path = Path.Combine(_folder.FullName, "func");
        File.WriteAllText(path, "#!/usr/bin/env node\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
