using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Configuration;

[Trait(Categories.Name, Categories.Security)]
public sealed class CredentialTests
{
    [Theory]
    [InlineData("https://api.clockify.me/api/v1/user", true)]
    [InlineData("http://api.clockify.me/api/v1/user", false)]
    [InlineData("https://hooks.example.com/x", true)]
    [InlineData("http://hooks.example.com/x", false)]
    [InlineData("https://hooks.example.com:444/x", false)]
    [InlineData("https://HOOKS.example.com:8443/x", true)]
    [InlineData("http://hooks.example.com:8443/x", false)]
    [InlineData("http://inside.example.com:8080/x", true)]
    [InlineData("https://inside.example.com:8080/x", false)]
    [InlineData("http://inside.example.com/x", false)]
    [InlineData("https://user@hooks.example.com/x", false)]
    [InlineData("https://hooks.example.com.evil.example/x", false)]
    public void AListedHostMeansHttpsUnlessHttpIsExplicit(string url, bool isAllowed)
    {
        var credential = Written.Credential(allowed: ["hooks.example.com", "hooks.example.com:8443", "http://inside.example.com:8080"]);
        Assert.Equal(isAllowed, credential.Refuse(new Uri(url)) is null);
    }
}
