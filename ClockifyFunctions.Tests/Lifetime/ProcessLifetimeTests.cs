using ClockifyFunctions.Lifetime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClockifyFunctions.Tests.Lifetime;

public sealed class ProcessLifetimeTests
{
    [Theory]
    [InlineData(null, 4)]
    [InlineData("60", 60)]
    public void TheShutdownTimeoutIsFourSecondsUnlessASettingChangesIt(string? setting, int seconds)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["shutdownTimeoutSeconds"] = setting;
        builder.Services.AddProcessLifetime();
        using var provider = builder.Services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }
}
