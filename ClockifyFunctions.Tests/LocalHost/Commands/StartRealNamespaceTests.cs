using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.Commands;

/// <summary>
/// Tests <c>start --service-bus</c> with a connection string like that of Azure: TLS on the default port, and tokens that are verified.
/// A second emulator replaces the namespace. OpenSSL trusts its certificate because of SSL_CERT_FILE.
/// </summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class StartRealNamespaceTests : IDisposable
{
    /// <summary>The app always uses this port for a namespace in Azure.</summary>
    private const int Port = 5671;

    private readonly string _trusted = Path.GetTempFileName();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_trusted);

    [Fact]
    public async Task TheStackReceivesFromTheGivenNamespaceAndSendsEventsToIt()
    {
        Assert.SkipUnless(IsFree(Port), $"Another program uses port {Port}.");
        using var certificate = Certificate();
        await File.WriteAllTextAsync(_trusted, certificate.ExportCertificatePem(), Cancel);
        await using var bus = await ServiceBusEmulator.StartAsync(
            Port, LocalStack.Queues.Select(name => new QueueOptions(name)), TimeProvider.System, new SharedAccessKey("Root", "c2VjcmV0"), certificate);
        await using var process = LocalHostProcess.Start(
            ["start", "--service-bus", "--port", "0"],
            ("ServiceBusConnection", "Endpoint=sb://127.0.0.1/;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0"), ("SSL_CERT_FILE", _trusted));
        var printed = await process.ReadUntilAsync("Ctrl+C");

        bus.Queue(LocalStack.Records).Send(new Message
        {
            ApplicationProperties = new ApplicationProperties { ["destination"] = "demo" },
            BodySection = new Data { Binary = Encoding.UTF8.GetBytes("""{"start":"2026-11-23T09:00:00Z","end":"2026-11-23T10:00:00Z","description":"over TLS"}""") },
        });
        var answer = await bus.Queue(LocalStack.Responses).ReceiveAsync(ReceiveMode.ReceiveAndDelete, Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Contains("\"delivered\"", Encoding.UTF8.GetString(((Data)answer.Content.BodySection).Binary));
        Assert.DoesNotContain("c2VjcmV0", printed);
        // Two listeners of the host and two senders of the app.
        Assert.True(bus.TokensTaken >= 4, $"{bus.TokensTaken} tokens");
        Assert.Equal(0, (await process.TerminateAsync()).ExitCode);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
