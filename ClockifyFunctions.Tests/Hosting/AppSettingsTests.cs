using ClockifyFunctions.Hosting;
using Microsoft.Extensions.Configuration;

namespace ClockifyFunctions.Tests.Hosting;

public class AppSettingsTests
{
    [Fact]
    public void AllProblemsAreReportedAtOnceEachWithItsSetting()
    {
        Read(out var problems, ("Drain:TimeBudget", "soon"), ("Credentials:Bad Name:Limits", "fast"), ("Credentials:x:ApiKey", "k"), ("Credentials:x:BaseUrl", "api"));
        string[] expected = ["Drain__TimeBudget", "Credentials__Bad Name:", "Credentials__Bad Name__ApiKey", "Credentials__Bad Name__Limits", "Credentials__x__BaseUrl", "ServiceBusConnection", "StorageConnection"];
        Assert.Equal(expected.Length, problems.Count);
        Assert.All(expected, name => Assert.Contains(problems, problem => problem.StartsWith(name, StringComparison.Ordinal)));
        Assert.DoesNotContain(problems, problem => problem.Contains("'k'", StringComparison.Ordinal));
    }

    [Fact]
    public void AKeyAloneMakesACredentialWithTheGlobalApiAndTenPerSecond()
    {
        var settings = Read(out var problems, ("ServiceBusConnection:fullyQualifiedNamespace", "x.servicebus.windows.net"), ("StorageConnection:blobServiceUri", "https://x.blob.core.windows.net"), ("Credentials:main:ApiKey", "k"));
        Assert.Empty(problems);
        var credential = settings.Credentials["main"];
        Assert.Equal("https://api.clockify.me/api/v1", credential.BaseUrl.AbsoluteUri);
        Assert.Equal("10/00:00:01", Assert.Single(credential.Limits).ToString());
        Assert.DoesNotContain("k ", credential.ToString(), StringComparison.Ordinal);
    }

    private static AppSettings Read(out IReadOnlyList<string> problems, params (string Key, string Value)[] values) =>
        AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build(), out problems);
}
