using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class InvoiceView
{
    /// <summary>What a create answers.</summary>
    public static JsonObject Head(Invoice invoice) => new()
    {
        ["id"] = invoice.Id,
        ["number"] = invoice.Number,
        ["clientId"] = invoice.ClientId,
        ["currency"] = invoice.Currency,
        ["issuedDate"] = invoice.IssuedDate,
        ["dueDate"] = invoice.DueDate,
        ["billFrom"] = "",
    };

    public static JsonObject Of(Call call, Invoice invoice)
    {
        var view = Head(invoice);
        view["clientName"] = call.Workspace.Clients.GetValueOrDefault(invoice.ClientId)?.Name ?? "";
        view["note"] = invoice.Note;
        view["subject"] = invoice.Subject;
        view["status"] = invoice.Status;
        view["tax"] = invoice.Tax;
        view["tax2"] = invoice.Tax2;
        view["discount"] = invoice.Discount;
        view["amount"] = invoice.Items.Sum(item => item.Amount);
        view["paid"] = invoice.Payments.Sum(payment => payment.Amount);
        view["items"] = new JsonArray([.. invoice.Items.Select((item, index) => new JsonObject
        {
            ["order"] = index + 1,
            ["description"] = item.Description,
            ["itemType"] = item.ItemType,
            ["quantity"] = item.Quantity,
            ["unitPrice"] = item.UnitPrice,
            ["amount"] = item.Amount,
        })]);
        return view;
    }

    /// <summary>The date is written as paymentDate and read as date.</summary>
    public static JsonObject Of(Invoice.Payment payment) => new()
    {
        ["id"] = payment.Id,
        ["amount"] = payment.Amount,
        ["date"] = payment.Date,
        ["note"] = payment.Note,
    };
}
