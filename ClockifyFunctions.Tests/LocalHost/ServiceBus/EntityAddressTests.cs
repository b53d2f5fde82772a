using ClockifyFunctions.LocalHost.ServiceBus;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

public class EntityAddressTests
{
    [Theory]
    [InlineData("orders", "orders", false)]
    [InlineData("/orders", "orders", false)]
    [InlineData("amqp://127.0.0.1:5672/orders", "orders", false)]
    [InlineData("sb://localhost/team/orders/", "team/orders", false)]
    [InlineData("orders/$DeadLetterQueue", "orders/$DeadLetterQueue", false)]
    [InlineData("orders/$management", "orders", true)]
    [InlineData("amqp://host/orders/$deadletterqueue/$Management", "orders/$deadletterqueue", true)]
    [InlineData("$cbs", "$cbs", false)]
    [InlineData("amqp://host", "", false)]
    [InlineData(null, "", false)]
    public void AnAddressNamesAnEntity(string? address, string entity, bool isManagement) =>
        Assert.Equal(new EntityAddress(entity, isManagement), EntityAddress.Parse(address));
}
