export { ChannelOrder } from './channel-order';
export { PreferenceForm } from './preference-form';
export { PreviewPanel, usePreview, type Previewed } from './preview';
export { measure, plainly, type Segments } from './sms';
export { emptyTexts, isWritten, SmsCount, textFor, TextsEditor } from './texts-editor';
export { fieldsIn, filled, retiredTemplates, template, templates, versionsOf } from './templates';
export { t as messagingWords } from './words';
