using System.Net;
using System.Text.RegularExpressions;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.Commands;

[Trait(Categories.Name, Categories.Process)]
public sealed partial class StartPartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheBusPartHasTheQueuesOfTheAppAndTheRequestedOnes()
    {
        await using var process = LocalHostProcess.Start(
            ["start", "--only-bus", "--port", "0", "--queue", "orders,max-size=2000", "--queue", "talks,session,lock=00:00:30"]);
        var printed = await process.ReadUntilAsync("Ctrl+C");

        Assert.Contains("orders, talks, clockify-records, clockify-drain, clockify-responses", printed);
        Assert.Contains("UseDevelopmentEmulator=true", printed);
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        var connection = await factory.CreateAsync(new Address($"amqp://127.0.0.1:{EmulatorPort().Match(printed).Groups[1].Value}"));
        var session = new Session(connection);
        foreach (var queue in LocalStack.Queues)
            await new SenderLink(session, queue, queue).SendAsync(new Message("a"), TimeSpan.FromSeconds(20));
        var orders = new SenderLink(session, "orders", "orders");
        var tooLarge = await Assert.ThrowsAsync<AmqpException>(() => orders.SendAsync(new Message(new byte[2001]), TimeSpan.FromSeconds(20)));
        Assert.Equal(ErrorCode.MessageSizeExceeded, tooLarge.Error.Condition);
        var noSession = await Assert.ThrowsAsync<AmqpException>(
            () => new SenderLink(session, "talks", "talks").SendAsync(new Message("a"), TimeSpan.FromSeconds(20)));
        Assert.Equal(ErrorCode.NotAllowed, noSession.Error.Condition);
        await connection.CloseAsync();

        Assert.Equal((0, ""), await process.TerminateAsync());
    }

    [Fact]
    public async Task TheClockifyPartAppliesTheRequestedLimitsAndFaults()
    {
        await using var process = LocalHostProcess.Start(
            ["start", "--only-clockify", "--port", "0", "--limit", "2/01:00:00/bucket", "--retry-after", "7", "--json-429", "--fault", "server-error=1"]);
        var printed = await process.ReadUntilAsync("Ctrl+C");

        Assert.Contains(Seed.BenKey, printed);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", Seed.AdaKey);
        var user = new Uri(BaseUrl().Match(printed).Value + "/user");
        for (var call = 0; call < 2; call++)
        {
            using var failed = await http.GetAsync(user, Cancellation);
            Assert.InRange((int)failed.StatusCode, 500, 503);
        }

        using var refused = await http.GetAsync(user, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("Too many requests", await refused.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal((0, ""), await process.TerminateAsync());
    }

    [Fact]
    public async Task AllProblemsOfTheArgumentsAreReportedTogether()
    {
        string[] arguments =
        [
            "start", "--only-bus", "--func", "--limit", "10/soon", "--queue", "a b,colour=red,ttl=never", "--port", "99999", "--loud",
            "--fault", "flood=1", "--latency", "80-20", "--records", "3",
        ];
        await using var process = LocalHostProcess.Start(arguments);

        var (exitCode, errors) = await process.ExitAsync();

        Assert.Equal(2, exitCode);
        foreach (var part in new[] { "--func can be used with the whole stack", "'10/soon'", "'a b' is not a queue name", "'colour=red'", "'never'", "'99999'", "'--loud'", "'flood'", "'80-20'", "--records can be used with demo" })
            Assert.Contains(part, errors);
    }

    [Theory]
    [InlineData("--service-bus", "ServiceBusConnection")]
    [InlineData("--storage", "StorageConnection")]
    public async Task ARealServiceNeedsItsConnectionStringInTheEnvironment(string option, string variable)
    {
        await using var process = LocalHostProcess.Start(["start", option], (variable, ""));

        var (exitCode, errors) = await process.ExitAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains($"environment variable {variable}", errors);
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex EmulatorPort();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/api/v1")]
    private static partial Regex BaseUrl();
}
